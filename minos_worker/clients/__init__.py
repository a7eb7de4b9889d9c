"""Client commands: short-lived processes of a service's own tools, with their output on its way to the console."""
