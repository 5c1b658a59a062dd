-- Words of rewards and changes that no dashboard counts many rows by become plain strings. Parts have dictionaries of their own, so a merge looks
-- every word of every row up anew: a third of what the engine took for these two tables. kind, stage and tier stay as they are, since queries filter
-- and group by them. Alerts and care actions are few and stay too. Parts from before are rewritten once.

ALTER TABLE rewards_rows
    MODIFY COLUMN rule String,
    MODIFY COLUMN rules String,
    MODIFY COLUMN `from` String,
    MODIFY COLUMN `to` String,
    MODIFY COLUMN reason String,
    MODIFY COLUMN why Map(String, Float64),
    MODIFY COLUMN writer String;

ALTER TABLE changes_rows
    MODIFY COLUMN rule String,
    MODIFY COLUMN rules String,
    MODIFY COLUMN `from` String,
    MODIFY COLUMN `to` String,
    MODIFY COLUMN reason String,
    MODIFY COLUMN why Map(String, Float64),
    MODIFY COLUMN writer String;

-- A view keeps the types it was made with.
CREATE OR REPLACE VIEW rewards AS
SELECT at, member, sequence, kind, stage, tier, level, rule, rules, points, value AS balance, from, to, reason, subject AS request, cause, why, writer
FROM rewards_rows WHERE generation = (SELECT generation FROM current_generation);

CREATE OR REPLACE VIEW changes AS
SELECT at, member, sequence, kind, stage, tier, level, rule, rules, from, to, reason, cause, why, writer
FROM changes_rows WHERE generation = (SELECT generation FROM current_generation);
