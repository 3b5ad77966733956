-- What is wrong with a picture that is shown all the same: 'ends early: …', 'partly damaged: …'. Null for most.
ALTER TABLE asset_details ADD COLUMN warning TEXT;

-- Minutes east of UTC; null where the camera did not say. From here on captured_at is what the camera's clock showed, as if that clock were UTC;
-- it was UTC before, so that the next scan reads files that have one once more: their sidecars look changed to it.
ALTER TABLE asset_details ADD COLUMN captured_offset INTEGER;
UPDATE assets SET sidecar_at = -1 WHERE captured_at IS NOT NULL;
UPDATE folders SET sidecars = 1 WHERE id IN (SELECT folder_id FROM assets WHERE captured_at IS NOT NULL);

-- When anything about the file changed last, which no program can set: an edit that keeps size and time shows here. 0 where it is not known yet.
ALTER TABLE assets ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;

-- Names of tags are composed from here on. Files that brought decomposed ones (accents, Hangul and kana marks as characters of their own) are read once more,
-- as above. What people gave decomposed stays, and is found.
UPDATE assets SET sidecar_at = -1 WHERE id IN (SELECT x.asset_id FROM asset_tags x JOIN tags t ON t.id = x.tag_id WHERE x.source = 1 AND t.folded GLOB '*[' || char(768) || '-' || char(879) || char(4352) || '-' || char(4607) || char(12441) || char(12442) || ']*');
UPDATE folders SET sidecars = 1 WHERE id IN (SELECT a.folder_id FROM assets a WHERE a.sidecar_at = -1);
