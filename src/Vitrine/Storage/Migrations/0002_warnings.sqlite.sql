-- What is wrong with a picture that is shown all the same: 'ends early: …', 'partly damaged: …'. Null for most.
ALTER TABLE asset_details ADD COLUMN warning TEXT;
