# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Services declared once: reading ``services.probealarm.yml`` strictly, and merging profiles.

``load.load_services`` is the entry; ``tree`` alone knows YAML; ``schema`` and ``vocabulary``
say what may stand where; ``catalogue`` reads profiles; ``service`` merges them with a declaration;
``claims`` compares services with one another; ``faults`` words what is wrong.
"""
