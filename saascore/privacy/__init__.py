"""The privacy boundary: keyed references, rules, scanner and findings."""
