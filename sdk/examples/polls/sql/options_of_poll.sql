SELECT o.id, o.text, (SELECT count(*) FROM polls_vote v WHERE v.option_id = o.id)
FROM polls_option o
WHERE o.poll_id = ?1
ORDER BY o.position;
