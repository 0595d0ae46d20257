package metarl.diagnose.log;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** What kind of file some first bytes belong to: whole signatures are compared, so that a header that begins "PAR" or "PK" stays text. */
final class FileKind {
    /** Bytes that tell a kind. */
    static final int HEAD = 300;

    private static final byte[] PARQUET = latin("PAR1");
    private static final byte[] ENCRYPTED_PARQUET = latin("PARE");
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final int TAR_SIGNATURE_AT = 257;
    private static final String UNPACK = ": unpack it first";
    private static final String PANDAS = "; write it again from the tool that made it, in Python by frame.to_parquet(…) or frame.to_csv(…)";

    private record Signature(byte[] bytes, int offset, String what) {
        boolean fits(byte[] head) {
            return head.length >= offset + bytes.length && Arrays.equals(head, offset, offset + bytes.length, bytes, 0, bytes.length)
                && !(isLetters() && isText(head));
        }

        /** Then a header may begin like it. */
        private boolean isLetters() {
            for (byte b : bytes) if (b < ' ') return false;
            return !what.startsWith("a PDF") && !what.startsWith("a pointer");
        }
    }

    private static final List<Signature> OTHERS = List.of(
        signature("PK\3\4",
            "a zip archive or a spreadsheet; expected CSV, CSV packed by gzip, or Parquet: unpack it, or export the sheet as CSV"),
        signature("PK\5\6", "an empty zip archive; expected CSV, CSV packed by gzip, or Parquet"),
        signature("\u00d0\u00cf\21\u00e0\u00a1\u00b1\32\u00e1", "an old Excel spreadsheet; export the sheet as CSV"),
        signature("(\u00b5/\u00fd", "packed by zstd" + UNPACK + ", by zstd -d"),
        signature("\u00fd7zXZ\0", "packed by xz" + UNPACK + ", by xz -d"),
        signature("\4\"M\30", "packed by lz4" + UNPACK + ", by lz4 -d"),
        signature("\u00ff\6\0\0sNaPpY", "packed by snappy" + UNPACK),
        signature("7z\u00bc\u00af'\34", "a 7z archive" + UNPACK),
        signature("Rar!\32\7", "a RAR archive" + UNPACK),
        new Signature(latin("ustar"), TAR_SIGNATURE_AT, "a tar archive" + UNPACK + ", by tar -xf"),
        signature("ARROW1\0\0", "an Arrow or Feather file" + PANDAS),
        signature("FEA1", "an old Feather file" + PANDAS),
        signature("Obj\1", "an Avro file" + PANDAS),
        signature("\u0089HDF\r\n\32\n", "an HDF5 file" + PANDAS),
        signature("\u0093NUMPY",
            "a numpy array; write it in Python by numpy.savetxt(…, delimiter=',', header='action,reward,propensity', comments='')"),
        signature("SQLite format 3\0", "an SQLite database; write the table as CSV, as by sqlite3 -csv -header"),
        signature("MATLAB 5.0 MAT-file", "a MATLAB file; write the table as CSV, by writetable(…)"),
        signature("RDX", "an R workspace; write the table as CSV, by write.csv(…, row.names = FALSE)"),
        signature("RDA", "an R workspace; write the table as CSV, by write.csv(…, row.names = FALSE)"),
        signature("%PDF-", "a PDF; expected CSV, CSV packed by gzip, or Parquet"),
        signature("\u0089PNG\r\n\32\n", "a picture; expected CSV, CSV packed by gzip, or Parquet"),
        signature("version https://git-lfs", "a pointer of Git LFS, not the file itself: fetch it by git lfs pull"));

    private FileKind() {}

    private static Signature signature(String bytes, String what) {
        return new Signature(latin(bytes), 0, what);
    }

    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static boolean starts(byte[] head, byte[] with) {
        return head.length >= with.length && Arrays.equals(head, 0, with.length, with, 0, with.length);
    }

    /** Whether it is gzip, by the two bytes that every gzip file begins with, and no text. */
    static boolean isGzip(byte[] head) {
        return starts(head, GZIP);
    }

    /**
     * Whether it is Parquet, whole or damaged: so named at its beginning or its end, and not text, which may begin or end with the same
     * letters.
     */
    static boolean isParquet(byte[] head, byte[] tail) {
        boolean begins = starts(head, PARQUET) || starts(head, ENCRYPTED_PARQUET),
            ends = starts(tail, PARQUET) || starts(tail, ENCRYPTED_PARQUET);
        return (begins || ends) && (!isText(head) || head.length <= 2 * PARQUET.length);
    }

    /** What it is, if it is something that is known and cannot be read here; null otherwise. */
    static String other(byte[] head) {
        String bzip2 = head.length > 9 && !isText(head) && starts(head, latin("BZh"))
            && starts(Arrays.copyOfRange(head, 4, 10), latin("1AY&SY"))
                ? "packed by bzip2" + UNPACK + ", by bzip2 -d"
                : null;
        String orc = starts(head, latin("ORC")) && !isText(head) ? "an ORC file" + PANDAS : null;
        String pickle = head.length > 2 && (head[0] & 0xff) == 0x80 && head[1] >= 2 && head[1] <= 5 ? "a pickle of Python" + PANDAS : null;
        String known = OTHERS.stream().filter(s -> s.fits(head)).map(Signature::what).findFirst().orElse(null);
        return known != null ? known : bzip2 != null ? bzip2 : orc != null ? orc : pickle;
    }

    /** Whether no byte is a control character that texts do not have. */
    static boolean isText(byte[] head) {
        for (byte b : head) if (b >= 0 && b < ' ' && b != '\t' && b != '\n' && b != '\r') return false;
        return true;
    }

    /** Whether every second byte is 0, as in UTF-16 of Latin letters: 1 if those in front are, −1 if those behind, 0 if neither. */
    static int utf16(byte[] head) {
        int pairs = Math.min(8, head.length / 2), high = 0, low = 0;
        for (int i = 0; i < pairs; i++) {
            if (head[2 * i] == 0 && head[2 * i + 1] != 0) high++;
            if (head[2 * i] != 0 && head[2 * i + 1] == 0) low++;
        }
        return pairs == 0 ? 0 : high == pairs ? 1 : low == pairs ? -1 : 0;
    }
}
