"""Starting an initiative: from a template, which is a data package without partners and figures, or from nothing."""
