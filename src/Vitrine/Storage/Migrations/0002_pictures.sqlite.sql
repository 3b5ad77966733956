-- What is wrong with a picture that is shown all the same: 'ends early: …', 'partly damaged: …'. Null for most.
ALTER TABLE asset_details ADD COLUMN warning TEXT;

-- Minutes east of UTC; null where the camera did not say. From here on captured_at is what the camera's clock showed, as if that clock were UTC;
-- it was UTC before, so that the next scan reads files that have one once more: their sidecars look changed to it.
-- (assets.sidecar_at is what SidecarStamp makes of a sidecar's times and size from here on: pictures that have one are read once more anyway.)
ALTER TABLE asset_details ADD COLUMN captured_offset INTEGER;
UPDATE assets SET sidecar_at = -1 WHERE captured_at IS NOT NULL;
UPDATE folders SET sidecars = 1 WHERE id IN (SELECT folder_id FROM assets WHERE captured_at IS NOT NULL);

-- When anything about the file changed last, which no program can set: an edit that keeps size and time shows here. 0 where it is not known yet.
ALTER TABLE assets ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;

-- Names of tags are composed from here on. Files that brought decomposed ones (accents, Hangul and kana marks as characters of their own) are read once more,
-- as above. What people gave decomposed stays, and is found.
UPDATE assets SET sidecar_at = -1 WHERE id IN (SELECT x.asset_id FROM asset_tags x JOIN tags t ON t.id = x.tag_id WHERE x.source = 1 AND t.folded GLOB '*[' || char(768) || '-' || char(879) || char(4352) || '-' || char(4607) || char(12441) || char(12442) || ']*');
-- More kinds of files are shown than before, damaged ones as far as they go: those that failed as such are tried once more, as above.
UPDATE assets SET sidecar_at = -1 WHERE id IN (SELECT asset_id FROM failures
    WHERE stage = 0 AND (reason LIKE 'damaged:%' OR reason LIKE 'truncated:%' OR reason LIKE 'unsupported:%' OR reason LIKE 'not an image:%'));
UPDATE folders SET sidecars = 1 WHERE id IN (SELECT a.folder_id FROM assets a WHERE a.sidecar_at = -1);

-- A reason is 'class: details' or 'class'; class is that of FailureClass, in snake_case, and what failures are grouped by.
ALTER TABLE failures RENAME COLUMN reason_group TO class;
UPDATE failures SET reason = CASE
    WHEN reason LIKE 'empty file%' THEN 'empty'
    WHEN reason LIKE 'not an image:%' THEN 'not a picture' || substr(reason, 13)
    WHEN reason LIKE 'unsupported:%' THEN 'not supported' || substr(reason, 12)
    WHEN reason LIKE 'truncated:%' THEN 'cut off' || substr(reason, 10)
    WHEN reason LIKE 'timed out:%' THEN 'took too long' || substr(reason, 10)
    WHEN reason LIKE 'vanished:%' THEN 'gone' || substr(reason, 9)
    WHEN reason LIKE 'the file is gone:%' THEN 'gone'
    WHEN reason LIKE 'the thumbnail %' THEN 'no thumbnail: ' || reason
    ELSE reason END;
UPDATE failures SET class = CASE
    WHEN reason = 'empty' THEN 'empty'
    WHEN reason LIKE 'damaged:%' THEN 'damaged'
    WHEN reason LIKE 'cut off:%' THEN 'cut_off'
    WHEN reason LIKE 'not supported:%' THEN 'not_supported'
    WHEN reason LIKE 'no permission:%' THEN 'no_permission'
    WHEN reason LIKE 'too large:%' THEN 'too_large'
    WHEN reason LIKE 'took too long:%' THEN 'took_too_long'
    WHEN reason LIKE 'decoder crashed:%' THEN 'decoder_crashed'
    WHEN reason LIKE 'not a picture:%' THEN 'not_a_picture'
    WHEN reason LIKE 'gone%' THEN 'gone'
    WHEN reason LIKE 'unreadable:%' THEN 'unreadable'
    WHEN reason LIKE 'outside the library:%' THEN 'outside_the_library'
    WHEN reason LIKE 'given up:%' THEN 'given_up'
    WHEN reason LIKE 'no thumbnail:%' THEN 'no_thumbnail'
    ELSE 'unexpected' END;
