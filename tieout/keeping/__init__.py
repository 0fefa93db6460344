"""Steps that are not done twice: what a step is made from, what was kept of it, and what it really read.

``reach`` finds the code that a step can reach, ``recipe`` lists everything that it is made from, ``store`` keeps what it wrote, and
``reads`` watches it, so that nothing which it reads can be missing from the list.
"""
