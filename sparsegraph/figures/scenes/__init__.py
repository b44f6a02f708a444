"""What schematics show, computed where anything can be: small nets updated by the library's own rules."""
