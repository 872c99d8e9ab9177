INSERT INTO auth_user (nickname, nickname_key, email, email_key, password_hash, role, first_name, last_name, age, gender, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
