package metarl.basics;

import tech.tablesaw.api.Table;

/** What a diagnosis found: numbers in a table, and in words what they mean, by which limit, and what to do. A notebook shows both. */
public interface Findings {
    /** The numbers. */
    Table summary();

    /** What to make of them. */
    default String words() {
        return toString();
    }
}
