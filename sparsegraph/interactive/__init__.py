"""Interactive drawings of nets and of their evolution: self-contained HTML that asks nobody for anything."""
