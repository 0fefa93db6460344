"""Warm kernels: libraries are imported once, in a fork server, and each notebook's kernel is forked from it.

``server`` runs in the fork server, ``forking`` asks it for a kernel, ``provisioner`` and ``engine`` offer that to Jupyter and to
papermill. Where forking is not safe a plain kernel is started, and the logger ``tieout.warm`` says why.
"""
