package metarl.train;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** How the checkpoints of a run are told from folders of a user's own. */
final class CheckpointFolder {
    private static final Pattern NAME = Pattern.compile("checkpoint-(\\d+)-[0-9a-f]+");

    private CheckpointFolder() {}

    /** A checkpoint's own description; null if this is no complete checkpoint of ours. */
    static RunDescription description(Path checkpoint) {
        Path file = checkpoint.resolve(RunFolder.DESCRIPTION);
        if (!isCheckpoint(checkpoint) || !Files.isRegularFile(file)) return null;
        try {
            RunDescription description = RunDescription.parse(RunFolder.bytes(file));
            return description.checkpoint().equals(checkpoint.getFileName().toString()) ? description : null;
        } catch (IOException | RunDescription.Damaged e) {
            return null;
        }
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    static boolean isCheckpoint(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) && isName(path.getFileName().toString());
    }

    /** A checkpoint that a process did not live to complete, or to delete wholly: it has no description, and our mark or nothing in it. */
    static boolean isLeftOver(Path path) {
        if (!isCheckpoint(path) || Files.exists(path.resolve(RunFolder.DESCRIPTION))) return false;
        try (Stream<Path> files = Files.list(path)) {
            List<String> names = files.map(f -> f.getFileName().toString()).toList();
            if (names.isEmpty()) return true;
            if (!names.contains(RunFolder.STATE) || !RunFolder.DELETED_IN_ORDER.containsAll(names)) return false;
            byte[] begin;
            try (var in = new FileInputStream(path.resolve(RunFolder.STATE).toFile())) {
                begin = in.readNBytes(RunFolder.MARK.length);
            }
            return isMark(begin);
        } catch (IOException e) {
            return false;
        }
    }

    /** Of this format or an earlier one, perhaps cut off. */
    private static boolean isMark(byte[] begin) {
        int same = Math.min(begin.length, RunFolder.MARK.length - 1);
        return Arrays.equals(begin, 0, same, RunFolder.MARK, 0, same);
    }

    /** A complete checkpoint of a run that has not begun yet: to begin again loses nothing. */
    static boolean isFirst(Path path) {
        RunDescription description = description(path);
        return description != null && description.step() == 0 && !description.networksOnly();
    }
}
