SELECT id, nickname, email, role, first_name, last_name, age, gender, bio, avatar_url, created_at, suspended_until, suspension_reason FROM auth_user WHERE id = ?1
