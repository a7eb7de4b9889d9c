"""From a wish to steps on the table: plan, submit, advance, control."""
