UPDATE auth_user
SET email = ?2, email_key = ?3, first_name = ?4, last_name = ?5, age = ?6, gender = ?7, bio = ?8, avatar_url = ?9
WHERE id = ?1
