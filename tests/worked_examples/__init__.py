"""Published tax calculations, computed again by the rules of the Seoul city pack.

`python -m tests.worked_examples FILE.csv` says of each row whether the rules agree with it. The file has the columns
id, tax, date, input_json, expected_json, source, confidence; which keys the two JSON cells may hold is written in
`keys.py`. It needs no database.
"""
