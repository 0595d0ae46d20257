package metarl.diagnose;

import java.nio.file.Path;
import java.util.List;

final class ParquetRows extends LogRows {
    ParquetRows(Path path) {
        throw new IllegalArgumentException(path + " is Parquet, which is not read yet; write it as CSV, in Python: pandas.read_parquet(…).to_csv(…, index=False)");
    }

    @Override
    List<String> columns() { return List.of(); }
    @Override
    void select(int[] columns) { }
    @Override
    boolean next() { return false; }
    @Override
    int cells() { return 0; }
    @Override
    String text(int column) { return null; }
    @Override
    double fraction() { return 0; }
    @Override
    public void close() { }
}
