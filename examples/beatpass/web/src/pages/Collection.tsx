export default function Collection() {
  return <div className="page"><h1>Collection</h1></div>;
}
