package org.mujoco;

import java.util.List;
import java.util.Locale;

/** Finds things by name, and says what there is when there is no such thing. */
final class Names {
    private static final int SHOWN = 60;

    private Names() {}

    /**
     * The number of the thing with this name.
     *
     * @throws IllegalArgumentException if there is none; the message lists the names, and the nearest one
     */
    static int id(List<String> names, String name, String kind) {
        int id = name == null || name.isEmpty() ? -1 : names.indexOf(name);
        if (id >= 0) return id;
        List<String> known = names.stream().filter(n -> !n.isEmpty()).toList();
        String list = known.size() <= SHOWN ? known.toString() : known.subList(0, SHOWN) + " and " + (known.size() - SHOWN) + " more";
        throw new IllegalArgumentException("the model has no " + kind + " named '" + name + "'; it has " + list + nearest(known, name));
    }

    private static String nearest(List<String> known, String name) {
        if (name == null) return "";
        String best = null;
        int fewest = Math.max(1, name.length() / 3) + 1;
        for (String candidate : known) {
            int changes = changes(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
            if (changes < fewest) {
                fewest = changes;
                best = candidate;
            }
        }
        return best == null ? "" : "; did you mean '" + best + "'?";
    }

    /** The least number of letters to insert, delete or replace. */
    private static int changes(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
