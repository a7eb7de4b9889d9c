<%namespace name="parts" file="/parts.mako"/>${parts.pulse(found)}${parts.brake_banner(found, live=True)}
