"""What is loaded aboard and kept.

Plan, fence, rally points, settings, parameters, events, the crew's record.
"""
