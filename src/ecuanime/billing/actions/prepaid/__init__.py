"""What is paid before the work: advances, packs, expired hours taken over, and the end of a contract."""
