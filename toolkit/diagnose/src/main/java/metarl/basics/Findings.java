package metarl.basics;

import tech.tablesaw.api.Table;

/**
 * What was found: numbers in a table, and in words what they mean, by which limit, and what to do. A notebook shows both, the words above
 * the table, so that a result of one's own shows itself if it implements this.
 */
public interface Findings {
    /** The numbers. */
    Table summary();

    /** What to make of them; empty if the table says it all. */
    default String words() {
        return toString();
    }
}
