<%namespace name="parts" file="/parts.mako"/>${parts.pulse(found)}
