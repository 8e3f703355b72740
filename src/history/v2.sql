-- each lifter's own standing and range, as a calibration found them
CREATE TABLE lifter_references (
    lifter_key TEXT NOT NULL,
    lifter TEXT NOT NULL,
    made_on INTEGER NOT NULL,
    payload TEXT NOT NULL,
    PRIMARY KEY (lifter_key, made_on)
) STRICT;
CREATE INDEX sessions_by_lifter ON sessions (lifter_key, lift, day, id);
