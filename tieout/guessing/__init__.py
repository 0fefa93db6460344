"""Guesses about a number that nobody has keyed: each with its reason in plain words and its confidence.

A module for each thing guessed. Rules that anybody can read come first, and the nearest keyed sentence (``tieout.learning``)
where there is no rule. Nothing here counts as keyed.
"""
