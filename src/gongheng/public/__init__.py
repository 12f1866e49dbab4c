"""公共服务平台: what everybody may see."""
