-- A member's row changes when the member does: what it says holds until as_of, the latest moment that this generation has come to. In a replay
-- that is the end of the data, however long ago.
CREATE OR REPLACE VIEW members AS
SELECT member, first_seen, updated, events, stage, tier, level,
    greatest(
        (SELECT max(minute) FROM activity_rows WHERE generation = (SELECT generation FROM current_generation)),
        (SELECT max(minute) FROM population_changes_rows WHERE generation = (SELECT generation FROM current_generation))) AS as_of
FROM members_rows FINAL WHERE generation = (SELECT generation FROM current_generation);
