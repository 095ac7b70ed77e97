"""The entitlement flow: lifecycle fold, plan-source journal and decisions."""
