INSERT INTO polls_vote (poll_id, user_id, option_id) VALUES (?1, ?2, ?3)
ON CONFLICT (poll_id, user_id) DO UPDATE SET option_id = excluded.option_id;
