SELECT user_id, name, email, country, updated_at
FROM source.users
