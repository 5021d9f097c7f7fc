"""What the aircraft feels: the only things that the autopilot may read.

``samples.py`` declares what each sensor reports. Beside it, one file a sensor says how that is
taken from the aircraft's motion, what the sensor hides (bias, fault), and how both spoil the
sample. None of them imports flight or environment, so that none leads to the truth.

How far a sensor errs stands under ``[sensors]`` of the datasheet: biases are drawn once, at the
start, noise at each sample, from a random stream of the sensor's own. Not given, errors are nil.
"""
