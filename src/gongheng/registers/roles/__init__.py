"""The role templates: unified in the province, learnt by its cities (001-22)."""
