CREATE INDEX posts_post_deleted ON posts_post (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX posts_comment_deleted ON posts_comment (deleted_at) WHERE deleted_at IS NOT NULL;
