"""The lab: nick and judy as systemd containers on this machine.

Standard library only, because it runs before anything is installed. People and Molecule use
the same lab; ``PROBEALARM_LAB`` names it, so that several can live side by side.
"""
