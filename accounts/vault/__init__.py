"""The identity vault: resident and business numbers, readable by the worker alone.

Faces may `seal` a number that was typed; opening, the blind index and the keys are the worker's.
"""
