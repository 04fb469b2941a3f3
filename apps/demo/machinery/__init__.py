"""From a business's definition to rows; every demo business is a package beside this one."""
