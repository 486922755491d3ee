"""Direct debits as files: what a bank is asked to collect, in the words of the schemes."""
