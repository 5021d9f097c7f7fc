"""What the aircraft takes itself to be.

Samples go to voting, what was voted for to the complementary filter, the filter to one estimate,
with air data, wind and gauges beside; everything after this reads that estimate.
"""
