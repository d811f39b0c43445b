"""The working side of the report desk: pages for officers, custodians and approvers."""
