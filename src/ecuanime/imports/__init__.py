"""Moving in: what a firm brings along from its former programs, read from CSV and XLSX files.

It keeps the files, what each row of them would do and did, and which thing of ours a key of the former program stands
for. It writes nothing of the other rooms itself: every row goes through their own actions.
"""
