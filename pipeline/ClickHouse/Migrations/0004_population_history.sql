-- The same answer as before in one pass over each bucket's steps, however many there are.
-- Members per bucket of one gauge at each step from `since` to `until` (UTC): what is there now less what was added after the step.
-- SELECT * FROM population_history(of = 'stage', since = '2026-01-01 00:00:00', until = '2026-01-02 00:00:00', step = 3600)
CREATE OR REPLACE VIEW population_history AS
WITH
    parseDateTimeBestEffort({since:String}, 'UTC') AS first,
    {step:UInt32} AS width,
    toUInt32(least(10000, intDiv(dateDiff('second', first, parseDateTimeBestEffort({until:String}, 'UTC')), width) + 1)) AS steps
SELECT first + i * width AS time, gauge, bucket, name, members
FROM
(
    -- Resized: a bucket that was entered and left again within one block has changes, and no row of its own.
    SELECT gauge, bucket, name, arrayReverse(arrayCumSum(arrayReverse(arrayResize(groupArrayInsertAt(added, step_no), steps + 1)))) AS added_from,
        arraySlice(arrayMap(added_later -> sum(total) - added_later, added_from), 2) AS by_step
    FROM
    (
        SELECT gauge, bucket, name, step_no, sum(total) AS total, sum(added) AS added
        FROM
        (
            SELECT gauge, bucket, name, members AS total, steps AS step_no, toInt64(0) AS added
            FROM population_rows
            WHERE generation = (SELECT generation FROM current_generation) AND gauge = {of:String}
            UNION ALL
            SELECT gauge, bucket, name, toInt64(0), toUInt32(least(steps, intDiv(dateDiff('second', first, minute) + width - 1, width))), members
            FROM population_changes_rows
            WHERE generation = (SELECT generation FROM current_generation) AND gauge = {of:String} AND minute > first
        )
        GROUP BY gauge, bucket, name, step_no
    )
    GROUP BY gauge, bucket, name
)
ARRAY JOIN range(steps) AS i, by_step AS members
WHERE members != 0;
