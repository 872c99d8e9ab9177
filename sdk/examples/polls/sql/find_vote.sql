SELECT option_id FROM polls_vote WHERE poll_id = ?1 AND user_id = ?2;
