package metarl.env.world;

import java.util.ArrayList;
import java.util.Comparator;
import metarl.basics.Require;
import metarl.env.Space;

/**
 * First-person pictures of a maze of cells, seen from the middle of a cell in one of four directions: walls of bricks, darker with distance
 * and darker at the sides, floor and ceiling, and at the goal a pillar of gold.
 *
 * <p>In the agent's own coordinates (to the right, ahead; one unit per cell, the agent at (0, 0)) column c of a picture shows what lies on
 * the ray (s·t, t), t &gt; 0, with s = (2c + 1)/width − 1: a field of view of 90°. As the agent stands in the middle of a cell, every ray
 * meets the borders of cells at distances t that are known beforehand, and a wall there always looks the same. So all strips of pixels are
 * drawn once, and a picture is put together from those strips that its walls choose. Two places that look alike give the same picture, bit
 * for bit, in whatever direction.
 *
 * <p>With pixels as high as wide, a point at height h over the eye and distance t is in row height/2 − h·width/(2t). Walls are one unit
 * high, the eye is in the middle.
 */
public final class Raycaster {
    /** Nothing is seen beyond as many cells. */
    static final int SIGHT = 32;
    private static final int CHANNELS = 3;
    private static final double PILLAR_RADIUS = 0.25, PILLAR_TOP = 0.25, FLOOR = -0.5, CEILING = 0.5, FADING = 0.06, SIDE_LIGHT = 0.65;
    private static final double[] BRICK = {200, 110, 80}, GROUND = {110, 95, 70}, SKY = {70, 85, 120}, GOLD = {255, 200, 0};
    private static final double BRICK_ROWS = 4, BRICKS = 2, MORTAR = 0.12, MORTAR_LIGHT = 0.55;
    /** Pictures of 30 × 40 pixels, as in the papers. */
    private static final Raycaster PUBLISHED = new Raycaster(30, 40);

    private final int height, width;
    /** For each column the borders that its ray meets, the nearest first. */
    private final Border[][] borders;
    /** For each column what is seen where no wall is. */
    private final double[][] open;

    /**
     * A border between two cells.
     *
     * @param distance t
     * @param right the cell behind it, in the agent's coordinates
     * @param ahead the cell behind it
     * @param strip the pixels of the column if that cell is a wall
     */
    private record Border(double distance, int right, int ahead, double[] strip) {}

    /** For pictures of this size. */
    public Raycaster(int height, int width) {
        Require.count(height, 1, "height", "at least 1 pixel, usually 30");
        Require.count(width, 1, "width", "at least 1 pixel, usually 40");
        Require.tensor("the strips of all pictures", "height or width", width, 2L * SIGHT, height, CHANNELS);
        this.height = height;
        this.width = width;
        borders = new Border[width][];
        open = new double[width][];
        for (int c = 0; c < width; c++) {
            borders[c] = borders(slope(c));
            open[c] = strip(Double.POSITIVE_INFINITY, 0, 0);
        }
    }

    /** For pictures of 30 × 40 pixels. */
    public static Raycaster published() {
        return PUBLISHED;
    }

    /** What these pictures are as observations. */
    public Space.Picture space() {
        return Space.picture(height, width, CHANNELS);
    }

    /** s of a column. */
    private double slope(int column) {
        return (2.0 * column + 1 - width) / width;
    }

    /** No two are at the same distance: for that s would have to be a ratio of odd numbers, and it never is. */
    private Border[] borders(double slope) {
        var all = new ArrayList<Border>();
        int sign = slope < 0 ? -1 : 1;
        for (int k = 0; k < SIGHT; k++) {
            double front = k + 0.5, across = slope * front;
            all.add(new Border(front, (int) Math.rint(across), k + 1, strip(front, across + 0.5, 1)));
            double side = front / Math.abs(slope);
            if (side < SIGHT)
                all.add(new Border(side, sign * (k + 1), (int) Math.rint(side), strip(side, side + 0.5, SIDE_LIGHT)));
        }
        all.sort(Comparator.comparingDouble(Border::distance));
        return all.toArray(Border[]::new);
    }

    /**
     * One column of pixels, from above.
     *
     * @param distance of the wall
     * @param along where it is hit, in units of cells
     * @param light how bright the wall is
     */
    private double[] strip(double distance, double along, double light) {
        double[] strip = new double[height * CHANNELS];
        for (int row = 0; row < height; row++) {
            double rise = (height / 2.0 - row - 0.5) * 2 / width, up = rise * distance;
            if (up < CEILING && up > FLOOR) put(strip, row, BRICK, light * bricks(along, CEILING - up, distance) * fading(distance));
            else put(strip, row, rise > 0 ? SKY : GROUND, fading(CEILING / Math.abs(rise)));
        }
        return strip;
    }

    private static double fading(double distance) {
        return 1 / (1 + FADING * distance * distance);
    }

    /** 1 on bricks, less in the joints between them, which mirror each other in the middle of a cell and blur with distance. */
    private static double bricks(double along, double down, double distance) {
        double row = down * BRICK_ROWS, column = (along - Math.floor(along)) * BRICKS + (Math.floor(row) % 2) / 2;
        boolean joint = Math.abs(row - Math.rint(row)) < MORTAR || Math.abs(column - Math.rint(column)) < MORTAR;
        return joint ? 1 - (1 - MORTAR_LIGHT) / (1 + distance / 2) : 1;
    }

    private static void put(double[] pixels, int pixel, double[] colour, double light) {
        for (int k = 0; k < CHANNELS; k++) pixels[pixel * CHANNELS + k] = Math.floor(colour[k] * light);
    }

    /**
     * What is seen from a cell, as an observation of {@link #space}.
     *
     * @param direction 0 north, 1 east, 2 south, 3 west
     */
    public double[] picture(MazeEnvironment.Layout maze, int x, int y, int direction) {
        double[] picture = new double[height * width * CHANNELS];
        int aheadX = MazeEnvironment.stepX(direction), aheadY = MazeEnvironment.stepY(direction);
        int rightX = MazeEnvironment.stepX(direction + 1), rightY = MazeEnvironment.stepY(direction + 1);
        // the goal in the agent's coordinates
        int goalX = maze.goalX() - x, goalY = maze.goalY() - y;
        int goalRight = goalX * rightX + goalY * rightY, goalAhead = goalX * aheadX + goalY * aheadY;
        for (int c = 0; c < width; c++) {
            double[] strip = open[c];
            double distance = Double.POSITIVE_INFINITY;
            for (Border border : borders[c]) {
                int cellX = x + border.right * rightX + border.ahead * aheadX, cellY = y + border.right * rightY + border.ahead * aheadY;
                if (!maze.wall(cellX, cellY)) continue;
                strip = border.strip;
                distance = border.distance;
                break;
            }
            for (int row = 0, from = 0, to = c * CHANNELS; row < height; row++, from += CHANNELS, to += width * CHANNELS) {
                picture[to] = strip[from];
                picture[to + 1] = strip[from + 1];
                picture[to + 2] = strip[from + 2];
            }
            if (goalAhead > 0 && goalAhead < distance && goalAhead <= SIGHT) pillar(picture, c, goalRight, goalAhead);
        }
        return picture;
    }

    /** Draws what of the pillar is in this column; it is round, so it is darker at its edges. */
    private void pillar(double[] picture, int column, int right, int ahead) {
        double aside = Math.abs(slope(column) * ahead - right) / PILLAR_RADIUS;
        if (aside >= 1) return;
        double light = (0.5 + 0.5 * Math.sqrt(1 - aside * aside)) * fading(ahead);
        for (int row = 0; row < height; row++) {
            double up = (height / 2.0 - row - 0.5) * 2 / width * ahead;
            if (up > FLOOR && up < PILLAR_TOP) put(picture, row * width + column, GOLD, light);
        }
    }
}
