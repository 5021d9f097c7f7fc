"""What is done when something is wrong.

Table, contingencies, watches over fence and fuel, the way home.
"""
