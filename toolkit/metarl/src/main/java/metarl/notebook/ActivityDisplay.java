package metarl.notebook;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import metarl.basics.Activity;
import metarl.basics.Figures;

/**
 * Shows in the output of the running cell what keeps it busy for over two seconds: one bar that moves twice a second, and one line when it
 * is over.
 *
 * <p>Many activities of a cell, each of them short, share one bar; what has a last word of its own, such as a training, keeps its line.
 */
final class ActivityDisplay implements Activity.Watcher {
    private static final double USUAL_PATIENCE_SECONDS = 2;
    private static final long LOOK_MILLIS = 500;

    /** All activities of one cell that share a place in its output. */
    private static final class Place {
        private final Object cell;
        private final Kernel.Output output;
        private final long since = System.nanoTime();
        private Activity now;
        private int before;
        private boolean drawn;

        private Place(Object cell, Kernel.Output output) {
            this.cell = cell;
            this.output = output;
        }
    }

    private final double patienceSeconds;
    // oldest first; nearly always one
    private final List<Place> places = new ArrayList<>();

    ActivityDisplay(double patienceSeconds) {
        this.patienceSeconds = patienceSeconds;
    }

    /** A display with its own thread, which looks twice a second. */
    static ActivityDisplay started() {
        var display = new ActivityDisplay(USUAL_PATIENCE_SECONDS);
        var thread = new Thread(display::lookOn, "progress of cells");
        thread.setDaemon(true);
        thread.start();
        return display;
    }

    private void lookOn() {
        while (true) {
            try {
                Thread.sleep(LOOK_MILLIS);
                look();
            } catch (InterruptedException | RuntimeException e) {
                // a display that fails once is tried again: it must end neither the work nor itself
            }
        }
    }

    @Override
    public synchronized void begun(Activity activity) {
        Object cell = Kernel.current().environment();
        // what runs beside another activity of its cell is left to that one
        if (places.stream().anyMatch(p -> p.cell == cell && p.now != null)) return;
        Place place = places.stream().filter(p -> p.cell == cell).findFirst().orElse(null);
        if (place == null) {
            // what was begun in earlier cells and is over will not be renewed
            places.removeIf(p -> p.now == null);
            place = new Place(cell, Kernel.current().output());
            places.add(place);
        }
        place.now = activity;
    }

    @Override
    public synchronized void ended(Activity activity) {
        for (Place place : places) {
            if (place.now != activity) continue;
            place.now = null;
            place.before++;
            boolean lastWord = !activity.sentence().isEmpty() || !activity.sentenceWithin().isEmpty();
            if (place.drawn || lastWord && activity.seconds() > patienceSeconds) place.output.show(Display.small(end(activity, place)));
            // its line stays, and what comes next has a place of its own
            if (lastWord) places.remove(place);
            place.drawn = false;
            return;
        }
    }

    /** Draws what has gone on for long enough. */
    synchronized void look() {
        for (Place place : places) {
            if (place.now == null || (System.nanoTime() - place.since) / 1e9 < patienceSeconds) continue;
            place.output.show(ProgressBar.bundle(place.now.fraction(), text(place.now)));
            place.drawn = true;
        }
    }

    static String text(Activity activity) {
        if (!activity.sentence().isEmpty()) return activity.sentence();
        Activity inner = activity.inner();
        String parts = activity.total() > 0 ? String.format(Locale.ROOT, " · %,d of %,d", activity.done(), activity.total()) : "";
        double fraction = activity.fraction(), seconds = activity.seconds();
        String left = fraction > 0 ? " · " + time(seconds * (1 - fraction) / fraction) + " left" : " · " + time(seconds);
        return activity.name() + parts + (inner == null ? left : left + " · " + text(inner));
    }

    private static String end(Activity activity, Place place) {
        if (!activity.sentence().isEmpty()) return activity.sentence();
        boolean whole = activity.total() <= 0 || activity.done() >= activity.total();
        String parts = activity.total() <= 0 ? "" : whole ? String.format(Locale.ROOT, " · %,d", activity.total())
            : String.format(Locale.ROOT, " · ended after %,d of %,d", activity.done(), activity.total());
        if (!activity.sentenceWithin().isEmpty())
            return activity.name() + parts + " · " + time(activity.seconds()) + " · " + activity.sentenceWithin();
        if (place.before < 2) return activity.name() + parts + " · " + time(activity.seconds());
        return activity.name() + parts + String.format(Locale.ROOT, " · the last of %,d such in this cell · %s", place.before,
            time((System.nanoTime() - place.since) / 1e9));
    }

    private static String time(double seconds) {
        return seconds < 10 ? String.format(Locale.ROOT, "%.1f s", seconds) : Figures.time(seconds);
    }
}
