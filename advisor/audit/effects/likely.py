"""
What usually goes together in an organisation's answers, for drawing plausible ones. Data only; no rule reads it.

A value that no table names may still be drawn.
"""

from __future__ import annotations

from collections.abc import Mapping

COUNTRY_OF_PREFIX: Mapping[str, str] = {"uk": "GB"}
"""The country a value's prefix speaks of, where it is not the prefix itself in capitals."""

SECTORS: Mapping[str, float] = {
    "health": 5.0, "banking": 3.0, "insurance": 2.0, "payments": 2.0, "public-sector": 5.0, "defence": 1.5, "law-enforcement": 1.5,
    "education": 2.5, "legal": 2.0, "telecom": 1.5, "critical-services": 2.0, "children-online": 1.0, "other": 5.0,
}  # fmt: skip

PUBLIC_SECTORS = frozenset({"public-sector", "defence", "law-enforcement"})
PUBLIC_LEVELS: Mapping[str, float] = {"none": 1.0, "federal": 4.0, "state": 3.0, "local": 3.0, "eu-institution": 1.5}
PRIVATE_LEVELS: Mapping[str, float] = {"none": 60.0, "federal": 1.0, "state": 1.5, "local": 1.5, "eu-institution": 0.2}

DATA_OF_ALL = frozenset({"public", "internal", "personal", "trade-secret"})
DATA_OF_SECTOR: Mapping[str, tuple[str, ...]] = {
    "health": ("special-category", "professional-secret", "us-phi", "substance-use", "biometric"),
    "banking": ("financial-customer", "payment-system"),
    "insurance": ("financial-customer", "special-category", "us-phi"),
    "payments": ("payment-card", "payment-system", "financial-customer"),
    "public-sector": ("public-sector-official", "special-category", "federal-tax", "controlled-unclassified", "child"),
    "defence": ("controlled-unclassified", "export-controlled", "public-sector-official"),
    "law-enforcement": ("criminal-justice", "biometric", "public-sector-official"),
    "education": ("student-record", "child"),
    "legal": ("professional-secret", "criminal-justice"),
    "telecom": ("biometric", "payment-card"),
    "critical-services": ("export-controlled", "public-sector-official"),
    "children-online": ("child",),
    "other": ("special-category", "export-controlled", "payment-card"),
}
DATA_OF_COUNTRY: Mapping[str, str] = {
    "us-phi": "US", "substance-use": "US", "federal-tax": "US", "controlled-unclassified": "US",
}  # fmt: skip
"""Kinds of data that the law of one country defines."""

DECISION_ROLES: Mapping[str, float] = {"none": 5.0, "assists": 3.0, "decides-reviewed": 1.0, "decides-alone": 0.7}
RESIDENCY: Mapping[str, float] = {"anywhere": 6.0, "adequate": 2.0, "listed": 2.0, "own-premises": 0.4}
FOREIGN_CONTROL: Mapping[str, float] = {"no": 0.7, "encrypted-only": 0.5, "with-assessment": 4.0, "yes": 4.0}
WORK: Mapping[str, float] = {
    "chat": 4.0, "writing": 4.0, "summarising": 4.0, "document-qa": 4.0, "extraction": 3.0, "coding": 3.0, "speech": 0.3, "vision": 0.7,
    "basic": 4.0, "good": 4.0, "best": 0.3, "api": 2.0, "containers": 2.0, "gpu": 2.0, "gpu-oncall": 2.0,
}  # fmt: skip
"""How often a task, a demand on quality or a skill occurs, against 1 for any other."""

AGREEMENTS = ("dpa", "scc", "transfer-assessment", "baa")
ATTESTATIONS = ("soc2", "iso27001", "c5", "hds", "fedramp-moderate", "pci-dss")
PRIORITIES = ("quality", "cost", "control", "operations", "speed")
NEEDS_HEALTH = frozenset({"health", "nhs"})
"""Words in the name of a special role that only a health organisation can have."""
