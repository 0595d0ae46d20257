package metarl.task.families;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import metarl.task.Catalogue;
import metarl.task.PublishedTasks;
import metarl.task.TaskFamily;

/** The families and task sets of this toolkit. */
public final class ShippedFamilies implements Catalogue {
    private static final Pattern BANDIT = Pattern.compile("bernoulli-bandit-(\\d{1,4})"),
        MAZE = Pattern.compile("maze-(\\d{1,3})x(\\d{1,6})(-first-person)?"),
        ROOMS = Pattern.compile("two-rooms(-cells)?-(\\d{1,6})");
    private static final List<TaskFamily> CHOICES = List.of(Bandit.bernoulli(5), Bandit.bernoulli(10), Bandit.bernoulli(50),
        RandomMdp.published(), Maze.small(), Maze.large(), Maze.small().firstPerson(), Maze.large().firstPerson(), TwoRooms.published(),
        TwoRooms.cells(), new GoalGrid(GoalGrid.Shift.NONE), new GoalGrid(GoalGrid.Shift.SIGN), new GoalGrid(GoalGrid.Shift.ROTATION),
        new GoalGrid(GoalGrid.Shift.WIND));
    private static final List<TaskFamily> POINTS = List.of(Point.navigation(), PointRobot.dense(), PointRobot.sparse(), Point.corner(),
        Point.shiftedSparse(), Point.turnedSparse(), Point.fourCorners(), Point.rotated());
    private static final List<TaskFamily> POLES = List.of(Pendulum.swingUp(), Pendulum.motor(), CartPole.balance());
    private static final List<TaskFamily> REWARDS = List.of(HalfCheetah.velocity(), HalfCheetah.velocitySparse(),
        HalfCheetah.velocityArmatureSparse(), HalfCheetah.forwardBackward(), Ant.forwardBackward(), Ant.direction(), Ant.goal(),
        Ant.goalSparse(), Humanoid.direction(),
        Arm.goal());
    private static final List<TaskFamily> DYNAMICS = List.of(Walker2d.randomParameters(), Hopper.randomParameters(), Hopper.size(),
        HalfCheetah.armature(), HalfCheetah.mass(), HalfCheetah.crippled(), HalfCheetah.damped(), HalfCheetah.twoLegs(),
        HalfCheetah.threeLegs(), Ant.damping(), Ant.dampingUniform(), Ant.crippled(), Ant.crippledLegs(), Sawyer.push(),
        Sawyer.pushDense());

    @Override
    public List<TaskFamily> families() {
        return Stream.of(CHOICES, POINTS, POLES, REWARDS, DYNAMICS).flatMap(List::stream).toList();
    }

    @Override
    public Optional<TaskFamily> numbered(String name) {
        Matcher bandit = BANDIT.matcher(name);
        if (bandit.matches()) return Optional.of(Bandit.bernoulli(Integer.parseInt(bandit.group(1))));
        Matcher maze = MAZE.matcher(name);
        if (maze.matches())
            return Optional.of(new Maze(Integer.parseInt(maze.group(1)), Integer.parseInt(maze.group(2)), maze.group(3) != null));
        Matcher rooms = ROOMS.matcher(name);
        return rooms.matches() ? Optional.of(new TwoRooms(rooms.group(1) == null, Integer.parseInt(rooms.group(2)))) : Optional.empty();
    }

    @Override
    public List<PublishedTasks> taskSets() {
        return PublishedTaskSets.all();
    }
}
