SELECT id, role, suspended_until, nickname, avatar_url, created_at FROM auth_user
